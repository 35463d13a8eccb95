namespace PortMgmt.Operations.Caching;

/// <summary>What the cache says about an operation that is about to run.</summary>
internal enum CacheAnswer
{
    /// <summary>The result is known.</summary>
    Hit,

    /// <summary>The same operation runs already; its end is told to this one too.</summary>
    Joined,

    /// <summary>This operation runs, and others may join it.</summary>
    Leads,
}
