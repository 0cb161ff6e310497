/** What every limit comes to: one more fits. Asked by the scheduler at each dispatch and by the rules for people. */
export const hasRoom = (used: number, limit: number): boolean => used < limit;
