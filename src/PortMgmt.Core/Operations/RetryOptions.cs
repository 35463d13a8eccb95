using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations;

/// <summary>
/// Whether and when failed and timed-out operations run again: after <c>BaseDelay × 2^(n-1)</c>, at most <see cref="MaxDelay"/>,
/// of which a random share of up to <see cref="Jitter"/> is taken off, so that what failed together does not come back together.
/// They wait in a queue of their own and occupy no worker.
/// </summary>
/// <remarks>M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.</remarks>
public sealed record RetryOptions
{
    /// <summary>No second attempt.</summary>
    public static RetryOptions None { get; } = new();

    /// <summary>How many attempts may follow the first, 0 to 1000; 0 unless set.</summary>
    public int MaxRetries { get; init; }

    /// <summary>The wait before the first retry, 0 to 1 hour; 200 ms unless set.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait, from <see cref="BaseDelay"/> to 1 day; 30 s unless set.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest share of the wait that chance takes off, 0 to 1; 0.5 unless set.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>Decides for an error whether another attempt makes sense; null means that it always does. Called on the worker; must be thread-safe.</summary>
    public Func<Exception, bool>? ShouldRetry { get; init; }

    internal TimeSpan DelayBefore(int retry, double chance)
    {
        double wait = BaseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(retry - 1, 62));
        wait = Math.Min(wait, MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (1 - (Jitter * chance)));
    }

    internal void Validate()
    {
        OptionCheck.InRange(nameof(MaxRetries), MaxRetries, 0, 1000);
        OptionCheck.InRange(nameof(BaseDelay), BaseDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        OptionCheck.InRange(nameof(MaxDelay), MaxDelay, BaseDelay, TimeSpan.FromDays(1));
        OptionCheck.InRange(nameof(Jitter), Jitter, 0, 1);
    }
}
