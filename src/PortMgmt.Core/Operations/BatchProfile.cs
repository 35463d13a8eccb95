namespace PortMgmt.Operations;

/// <summary>A named pair of chunk size and flush time.</summary>
public enum BatchProfile
{
    /// <summary>10 operations a chunk, flushed after 1 ms.</summary>
    UltraLowLatency,

    /// <summary>100 operations a chunk, flushed after 10 ms.</summary>
    Balanced,

    /// <summary>500 operations a chunk, flushed after 50 ms.</summary>
    Throughput,

    /// <summary>1000 operations a chunk, flushed after 100 ms.</summary>
    Streaming,
}
