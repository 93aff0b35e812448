import { integerField } from "../../../src/base/fieldTable.js";
import { flagText } from "../../../src/cli/flagText.js";

test("a flag's text has meaning, range, notes and default", () => {
    const field = integerField({ minimum: 1, maximum: 1000, default: 7, meaning: "`x` of it", notes: "One. Two." });
    expect(flagText(field)).toBe("x of it, 1 to 1,000; one; two (default: 7)");
    expect(flagText(field, "the file's")).toContain("(default: the file's)");
});
