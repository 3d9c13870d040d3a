// Placeholder until the first file of MartletHTTPCore lands.
