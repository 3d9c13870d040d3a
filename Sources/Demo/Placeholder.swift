// Placeholder until the first file of MartletDemo lands.
