import { Observable } from "../../../src/base/observable.js";

test("tells its observers in their order until they are removed", () => {
    const observable = new Observable<number>();
    const heard: string[] = [];
    const first = observable.add((n) => heard.push(`a${n}`));
    observable.add((n) => heard.push(`b${n}`));
    observable.addOnce((n) => heard.push(`once${n}`));
    observable.notifyObservers(1);
    expect(observable.remove(first)).toBe(true);
    expect(observable.remove(first)).toBe(false);
    observable.notifyObservers(2);
    expect(heard).toEqual(["a1", "b1", "once1", "b2"]);
    expect(observable.hasObservers()).toBe(true);
    observable.clear();
    observable.notifyObservers(3);
    expect(observable.hasObservers()).toBe(false);
    expect(heard).toHaveLength(4);
});

test("one that removes itself, or adds another, keeps none from being told", () => {
    const observable = new Observable<string>();
    const heard: string[] = [];
    const self = observable.add((word) => {
        heard.push(`self ${word}`);
        observable.remove(self);
        observable.add((later) => heard.push(`new ${later}`));
    });
    observable.add((word) => heard.push(`last ${word}`));
    observable.notifyObservers("x");
    observable.notifyObservers("y");
    expect(heard).toEqual(["self x", "last x", "last y", "new y"]);
});

test("what one throws is thrown after all were told", () => {
    const observable = new Observable<number>();
    const heard: number[] = [];
    observable.add(() => {
        throw new Error("first");
    });
    observable.add(() => {
        throw new Error("second");
    });
    observable.add((n) => heard.push(n));
    expect(() => observable.notifyObservers(7)).toThrow("first");
    expect(heard).toEqual([7]);
});
