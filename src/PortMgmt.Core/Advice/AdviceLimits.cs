namespace PortMgmt.Advice;

/// <summary>From where on a figure is a finding.</summary>
internal sealed record AdviceLimits
{
    /// <summary>The total latency that 99 percent should not exceed; null (the default) for no such limit.</summary>
    public TimeSpan? P99 { get; init; }

    /// <summary>The success rate that should be reached, in percent; 95 unless set.</summary>
    public double SuccessRate { get; init; } = 95;

    /// <summary>The share of the limit that may be in use on average, 0-1; 0.8 unless set.</summary>
    public double Saturation { get; init; } = 0.8;

    /// <summary>The hit rate that a cache should reach, 0-1; 0.3 unless set.</summary>
    public double HitRate { get; init; } = 0.3;
}
