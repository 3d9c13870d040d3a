// Placeholder until the first file of MartletEventLoop lands.
