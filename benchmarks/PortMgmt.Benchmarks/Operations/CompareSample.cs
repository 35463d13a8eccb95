namespace PortMgmt.Benchmarks.Operations;

/// <summary>One round of one contestant, for each operation: elapsed nanoseconds, nanoseconds of all processors, bytes allocated.</summary>
internal readonly record struct CompareSample(double Wall, double Processor, double Bytes);
