namespace PortMgmt.Operations.JobLogs;

/// <summary>What is read of a job log's line to go on with it.</summary>
/// <param name="Key">What the operation is known by; null where its input had no such thing.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Command">What the command is known by that ran it; null where that was not kept.</param>
internal readonly record struct JobLogLine(string? Key, string? Status, string? Command);
