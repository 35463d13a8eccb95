namespace PortMgmt.Listeners;

/// <summary>Looks again and again whether something came about: after 5 ms at first and every 100 ms in the end. Leaves no timer behind.</summary>
internal static class Polling
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for it.</summary>
    /// <param name="isSo">Whether it came about.</param>
    /// <param name="timeout">How long at most; zero looks once; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when it came about, false when the time ran out.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static bool Until(Func<bool> isSo, TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        TimeSpan delay = FirstDelay;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (isSo())
            {
                return true;
            }

            if (timeout != Timeout.InfiniteTimeSpan)
            {
                TimeSpan left = timeout - clock.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                // Timers count whole milliseconds: a fraction rounded down would spin.
                delay = Shorter(delay, TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
            }

            Task.Delay(delay, clock, cancellationToken).GetAwaiter().GetResult();
            delay = Shorter(delay * 2, MaxDelay);
        }
    }

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
