export const resident = () => process.memoryUsage().rss
