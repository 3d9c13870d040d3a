// Placeholder until the first file of MartletControl lands.
