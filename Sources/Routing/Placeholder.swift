// Placeholder until the first file of MartletRouting lands.
