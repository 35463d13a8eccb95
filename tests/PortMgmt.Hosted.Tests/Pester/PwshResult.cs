namespace PortMgmt.Hosted.Tests.Pester;

/// <summary>What a pwsh process did.</summary>
/// <param name="ExitCode">Its exit code; null when it ran out of time and was killed.</param>
/// <param name="Output">Its standard output and standard error, as they came.</param>
public sealed record PwshResult(int? ExitCode, string Output);
