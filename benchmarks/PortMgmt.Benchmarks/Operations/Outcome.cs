namespace PortMgmt.Benchmarks.Operations;

/// <summary>What a peer that does the same job hands on for each operation.</summary>
internal readonly record struct Outcome(Job Job, int Output, Exception? Error, TimeSpan QueueTime, TimeSpan Duration);
