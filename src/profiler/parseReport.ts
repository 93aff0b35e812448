export const parseReport = (text: string): object => JSON.parse(text) as object;
