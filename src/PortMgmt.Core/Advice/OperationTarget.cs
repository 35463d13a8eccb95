using PortMgmt.Operations.Errors;

namespace PortMgmt.Advice;

/// <summary>What settings should achieve; at least one of the two.</summary>
internal sealed record OperationTarget
{
    /// <summary>The total latency that 99 percent should not exceed, above zero; null for no such target.</summary>
    public TimeSpan? P99 { get; init; }

    /// <summary>Operations a second, above zero; null for no such target.</summary>
    public double? Throughput { get; init; }

    internal void Validate()
    {
        if (P99 is null && Throughput is null)
        {
            throw OptionCheck.Invalid(nameof(P99), "There is no target: give a p99 latency, a throughput, or both.");
        }

        if (P99 is TimeSpan p99)
        {
            OptionCheck.InRange(nameof(P99), p99, TimeSpan.FromMicroseconds(1), TimeSpan.FromDays(1));
        }

        if (Throughput is double throughput)
        {
            OptionCheck.InRange(nameof(Throughput), throughput, double.Epsilon, 1e9);
        }
    }
}
