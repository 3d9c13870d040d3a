// Placeholder until the first file of MartletProxy lands.
