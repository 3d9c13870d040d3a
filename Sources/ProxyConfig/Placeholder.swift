// Placeholder until the first file of MartletProxyConfig lands.
