namespace PortMgmt.Benchmarks.Operations;

/// <summary>What a peer needs to tell an operation and its wait, as the scheduler does with an operation of its own.</summary>
internal sealed record Job(int Input, long EnqueuedAt);
