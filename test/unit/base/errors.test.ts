import { messageOf, TerraneError } from "../../../src/base/errors.js";

test.each([
    [new Error("memory has run out"), "memory has run out"],
    [new Error(" a trap, with its line feed\n"), "a trap, with its line feed"],
    [new TerraneError("workers", -1, "0 to 64", "Pass a count."), "workers is -1; allowed: 0 to 64. Pass a count."],
    ["a text", "a text"],
    [undefined, "undefined"],
    [null, "null"],
    [404, "404"],
])("messageOf(%p) is %p", (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
});
