// Placeholder until the first file of MartletHTTP1 lands.
