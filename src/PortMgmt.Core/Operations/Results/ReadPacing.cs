using System.Diagnostics;

namespace PortMgmt.Operations.Results;

/// <summary>
/// Tells a reader that has found no result whether to let some gather for a moment instead of being woken by the next one. Where results
/// come many in a millisecond, a wake-up for each costs reader and worker more than some operations do. By the reader alone.
/// </summary>
internal sealed class ReadPacing
{
    /// <summary>What a reader that pauses should find at least: for fewer, being woken for each costs little.</summary>
    private const int FewestResults = 8;

    /// <summary>The shortest that a thread can sleep.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>For how long it is taken for granted that the next pause is as long as the last one was.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    private long _since = Stopwatch.GetTimestamp();
    private long _read;

    /// <summary>How long the last pause was: on Windows up to 16 ms, since the system's clock is that coarse.</summary>
    private TimeSpan _pause = Pause;

    private long _paused;

    /// <summary>Operations were read.</summary>
    public void RecordRead(int operations) => _read += operations;

    /// <summary>For how long to pause, by what was read since the last call; nothing where that is not worth while.</summary>
    /// <param name="capacity">How many operations may be accepted and not be read.</param>
    /// <param name="unread">How many are.</param>
    /// <param name="longest">How long the reader may wait.</param>
    public TimeSpan ChoosePause(int capacity, long unread, TimeSpan longest)
    {
        long now = Stopwatch.GetTimestamp();
        TimeSpan pause = ExpectedPause(_pause, Stopwatch.GetElapsedTime(_paused, now));
        bool isWorthwhile = IsWorthwhile(_read, Stopwatch.GetElapsedTime(_since, now), pause, longest, capacity, unread);
        _since = now;
        _read = 0;
        return isWorthwhile ? Pause : TimeSpan.Zero;
    }

    /// <summary>It was paused since the last choice.</summary>
    public void RecordPause()
    {
        _paused = Stopwatch.GetTimestamp();
        _pause = Stopwatch.GetElapsedTime(_since, _paused);
    }

    /// <summary>
    /// How long a pause will be. One that was long because something else had the processors would else be the last of the batch: whatever is
    /// expected of so long a pause is too much.
    /// </summary>
    /// <param name="last">How long the last one was.</param>
    /// <param name="ago">When it was.</param>
    internal static TimeSpan ExpectedPause(TimeSpan last, TimeSpan ago) => ago < Memory ? last : Pause;

    /// <summary>
    /// Whether so many results are to be expected during a pause that it saves something, and not so many that the workers would run out of
    /// operations, which the reader may be the one to bring, or that the last one would be there before the pause is over.
    /// </summary>
    /// <param name="read">What was read.</param>
    /// <param name="elapsed">In this time.</param>
    /// <param name="pause">How long the pause would be.</param>
    /// <param name="longest">How long the reader may wait.</param>
    /// <param name="capacity">How many operations may be accepted and not be read.</param>
    /// <param name="unread">How many are.</param>
    internal static bool IsWorthwhile(long read, TimeSpan elapsed, TimeSpan pause, TimeSpan longest, int capacity, long unread)
    {
        double expected = read * (pause / elapsed);
        return pause <= longest && expected >= FewestResults && expected <= Math.Min(capacity / 2.0, unread);
    }
}
