namespace PortMgmt.Operations;

/// <summary>A named cache size.</summary>
public enum CacheProfile
{
    /// <summary>10,000 results: the same ids come again and again.</summary>
    ReadHeavy,

    /// <summary>1,000 results: ids seldom come again.</summary>
    WriteHeavy,

    /// <summary>2,000 results: ids come again soon or never.</summary>
    Streaming,
}
