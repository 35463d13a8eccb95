using System.Numerics;

namespace PortMgmt.Metrics;

/// <summary>
/// Counts durations in log-linear buckets: exact below 32 ns, then 32 equal buckets for each doubling. A value read back is the middle
/// of its bucket, at most 1/64 (1.6 %) off. One thread writes at a time; any thread may read meanwhile and sees each count whole.
/// </summary>
/// <remarks>
/// The bucket scheme of G. Tene's HdrHistogram (hdrhistogram.org). Rows are made as values fall into them, so that a histogram of
/// latencies between 1 µs and 1 s takes 6 KB, not the 15 KB of the whole range.
/// </remarks>
internal sealed class LatencyHistogram
{
    internal const int SubBucketBits = 5;
    internal const int SubBuckets = 1 << SubBucketBits;

    /// <summary>Row 0 counts below 32, each further row one doubling up to the largest long.</summary>
    internal const int Rows = 64 - SubBucketBits;

    private readonly long[]?[] _rows = new long[]?[Rows];
    private double _sum;
    private long _max;

    /// <summary>Counts a duration.</summary>
    /// <param name="nanoseconds">The duration; what is below 0 (a clock set back) counts as 0.</param>
    /// <param name="count">How many times.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 0.</exception>
    public void Record(long nanoseconds, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ulong value = nanoseconds > 0 ? (ulong)nanoseconds : 0;
        int row = RowOf(value);
        long[] buckets = _rows[row] ?? AddRow(row);

        // The maximum first: who counts a value meanwhile must not find it above the maximum.
        if (count > 0 && (long)value > _max)
        {
            Volatile.Write(ref _max, (long)value);
        }

        _sum += (double)value * count;
        ref long bucket = ref buckets[BucketOf(value, row)];
        Volatile.Write(ref bucket, bucket + count);
    }

    /// <summary>Adds what was counted so far to a distribution.</summary>
    /// <param name="distribution">Where to add it.</param>
    public void AddTo(LatencyDistribution distribution) => distribution.Add(_rows, ref _sum, ref _max);

    internal static int RowOf(ulong value) => value < SubBuckets ? 0 : BitOperations.Log2(value) - SubBucketBits + 1;

    internal static int BucketOf(ulong value, int row) =>
        row == 0 ? (int)value : (int)(value >> (row - 1)) & (SubBuckets - 1);

    /// <summary>The middle of a bucket, which stands for all values in it.</summary>
    internal static double MiddleOf(int row, int bucket)
    {
        if (row == 0)
        {
            return bucket;
        }

        double width = Math.ScaleB(1, row - 1);
        return ((SubBuckets + bucket) * width) + ((width - 1) / 2);
    }

    private long[] AddRow(int row)
    {
        long[] buckets = new long[SubBuckets];
        Volatile.Write(ref _rows[row], buckets);
        return buckets;
    }
}
