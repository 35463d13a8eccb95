using System.Diagnostics;

namespace PortMgmt.Operations.Results;

/// <summary>
/// Tells a reader that has found no result whether to sleep for a moment instead of being woken by the next one. Where results come many
/// in a millisecond, a wake-up for each costs reader and worker more than some operations do. By the reader alone.
/// </summary>
internal sealed class ReadPacing
{
    /// <summary>What a reader that sleeps should find at least: for fewer, being woken for each costs little.</summary>
    private const int FewestResults = 8;

    /// <summary>The shortest that a thread can sleep.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private long _since = Stopwatch.GetTimestamp();
    private long _read;

    /// <summary>How long the last pause was: on Windows up to 16 ms, since the system's clock is that coarse.</summary>
    private TimeSpan _pause = Pause;

    /// <summary>Operations were read.</summary>
    public void RecordRead(int operations) => _read += operations;

    /// <summary>Sleeps, if that is worth while by what was read since the last call.</summary>
    /// <param name="capacity">How many operations may be accepted and not be read.</param>
    public void PauseIfWorthwhile(int capacity)
    {
        long start = Stopwatch.GetTimestamp();
        bool isWorthwhile = IsWorthwhile(_read, Stopwatch.GetElapsedTime(_since, start), _pause, capacity);
        _since = start;
        _read = 0;
        if (isWorthwhile)
        {
            Thread.Sleep(Pause);
            _pause = Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>
    /// Whether so many results are to be expected during a pause that it saves something, and not so many that the workers would run out of
    /// operations, which the reader may be the one to bring.
    /// </summary>
    /// <param name="read">What was read.</param>
    /// <param name="elapsed">In this time.</param>
    /// <param name="pause">How long the pause would be.</param>
    /// <param name="capacity">How many operations may be accepted and not be read.</param>
    internal static bool IsWorthwhile(long read, TimeSpan elapsed, TimeSpan pause, int capacity)
    {
        double expected = read * (pause / elapsed);
        return expected >= FewestResults && expected <= capacity / 2.0;
    }
}
