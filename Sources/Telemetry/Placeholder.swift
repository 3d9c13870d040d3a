// Placeholder until the first file of MartletTelemetry lands.
