// Placeholder until the first file of MartletBalancing lands.
