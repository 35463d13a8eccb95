using System.Diagnostics;

namespace PortMgmt.Operations.Results;

/// <summary>
/// Tells a reader that has found no result for how long to let results gather, instead of being woken by the next one. Where results come
/// many in a few milliseconds, a wake-up for each costs reader and worker more than some operations do. By the reader alone.
/// </summary>
internal sealed class ReadPacing
{
    /// <summary>What a reader that pauses should find at least: for fewer, being woken for each costs little.</summary>
    private const int FewestResults = 8;

    /// <summary>The shortest that a thread can sleep, in milliseconds.</summary>
    private const double ShortestPause = 1;

    /// <summary>How late a result may be for the sake of others, in milliseconds: half of what a screen shows one picture for.</summary>
    private const double LongestPause = 8;

    /// <summary>For how long it is taken for granted that the next pause is too long by as much as the last one was.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    private long _since = Stopwatch.GetTimestamp();
    private long _read;

    /// <summary>By how much the last pause was too long: on Windows up to 16 ms, since the system's clock is that coarse.</summary>
    private TimeSpan _excess;

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
        TimeSpan excess = ExpectedExcess(_excess, Stopwatch.GetElapsedTime(_paused, now));
        TimeSpan pause = ChoosePause(_read, Stopwatch.GetElapsedTime(_since, now), excess, Math.Min(capacity / 2.0, unread), longest);
        _since = now;
        _read = 0;
        return pause;
    }

    /// <summary>It was paused since the last choice.</summary>
    /// <param name="chosen">What was chosen.</param>
    public void RecordPause(TimeSpan chosen)
    {
        _paused = Stopwatch.GetTimestamp();
        TimeSpan excess = Stopwatch.GetElapsedTime(_since, _paused) - chosen;
        _excess = excess > TimeSpan.Zero ? excess : TimeSpan.Zero;
    }

    /// <summary>
    /// By how much a pause will be too long. One that was long because something else had the processors would else be the last of the batch:
    /// whatever is expected of so long a pause is too much.
    /// </summary>
    /// <param name="last">By how much the last one was.</param>
    /// <param name="ago">When it was.</param>
    internal static TimeSpan ExpectedExcess(TimeSpan last, TimeSpan ago) => ago < Memory ? last : TimeSpan.Zero;

    /// <summary>
    /// As long as it takes until there are so many results that it saves something, and not so long that the workers would run out of
    /// operations, which the reader may be the one to bring, or that the last one would be there before the pause is over.
    /// </summary>
    /// <param name="read">What was read.</param>
    /// <param name="elapsed">In this time.</param>
    /// <param name="excess">By how much the pause will be too long.</param>
    /// <param name="most">How many results there may be at its end.</param>
    /// <param name="longest">How long the reader may wait.</param>
    internal static TimeSpan ChoosePause(long read, TimeSpan elapsed, TimeSpan excess, double most, TimeSpan longest)
    {
        double rate = read / elapsed.TotalMilliseconds;
        double pause = Math.Max(Math.Ceiling((FewestResults / rate) - excess.TotalMilliseconds), ShortestPause);
        double length = pause + excess.TotalMilliseconds;
        return pause <= LongestPause && length <= longest.TotalMilliseconds && length * rate <= most ? TimeSpan.FromMilliseconds(pause) : TimeSpan.Zero;
    }
}
