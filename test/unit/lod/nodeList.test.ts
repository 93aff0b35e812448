import { NodeList } from "../../../src/lod/nodeList.js";
import { QuadNode } from "../../../src/lod/quadtree.js";

test("a list that is cleared begins anew and shows nothing of before", () => {
    const [a, b, c] = [new QuadNode<number>(), new QuadNode<number>(), new QuadNode<number>()];
    const list = new NodeList<number>();
    list.add(a);
    list.add(b);
    expect(list.toArray()).toEqual([a, b]);
    list.clear();
    expect(list.count).toBe(0);
    list.add(c);
    expect(list.count).toBe(1);
    expect(list.at(0)).toBe(c);
    expect(list.toArray()[0]).toBe(c);
    expect(list.toArray().length).toBe(1);
});
