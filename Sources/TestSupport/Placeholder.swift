// Placeholder until the first file of MartletTestSupport lands.
