using PortMgmt.Operations.Dispatching;
using Xunit;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

public sealed class ChunkSizingTests
{
    [Theory]
    [InlineData(0, 4, 100, int.MaxValue, 0)]
    [InlineData(1, 4, 100, int.MaxValue, 1)]
    [InlineData(5, 4, 100, int.MaxValue, 2)]
    [InlineData(400, 4, 100, int.MaxValue, 100)]
    [InlineData(4000, 4, 100, int.MaxValue, 100)]
    [InlineData(400, 4, 100, 7, 7)]
    [InlineData(400, 1, 1, 7, 1)]
    [InlineData(90, 1, 100, int.MaxValue, 90)]
    public void Share_IsEqualAndWithinBounds(int waiting, int lanes, int batchSize, int pace, int expected) =>
        Assert.Equal(expected, ChunkSizing.Share(waiting, lanes, batchSize, pace));

    [Theory]
    [InlineData(500, 0, 100, 1)]
    [InlineData(0, 0, 100, 1)]
    [InlineData(0, 10, 100, int.MaxValue)]
    [InlineData(9, 10, 100, int.MaxValue)]
    [InlineData(50, 10, 100, 20)]
    [InlineData(1000, 10, 100, 1)]
    [InlineData(100_000, 10, 100, 1)]
    public void Pace_GoesByTheLastChunkAndIsOneBeforeIt(long took, int given, long time, int expected) =>
        Assert.Equal(expected, ChunkSizing.Pace(took, given, time));

    [Theory]
    [InlineData(0, 0, 10, 0)]
    [InlineData(0, 1, 10, 1)]
    [InlineData(2, 10, 10, 3)]
    [InlineData(2, 11, 10, 4)]
    public void CountChunks_RepeatedOnesStayWhatTheyAre(int repeated, int waiting, int batchSize, int expected) =>
        Assert.Equal(expected, ChunkSizing.CountChunks(repeated, waiting, batchSize));
}
