export const formatReport = (r: object, width: number): string => JSON.stringify(r).slice(0, width);
