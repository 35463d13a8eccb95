using PortMgmt.Metrics.Recording;
using PortMgmt.Operations;
using PortMgmt.Operations.History;
using PortMgmt.Operations.Results;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class ResultBuffersTests
{
    private readonly ResultBuffers<int, int> _buffers;

    public ResultBuffersTests()
    {
        OperationClock clock = new(TimeProvider.System);
        _buffers = new ResultBuffers<int, int>(() => new OperationRecorder(clock, clock.Now));
    }

    [Fact]
    public void For_SameLane_IsOneBuffer()
    {
        Assert.Same(_buffers.For(1), _buffers.For(1));
        Assert.NotSame(_buffers.For(0), _buffers.For(1));
        Assert.Same(_buffers.For(1), _buffers.For(1 + _buffers.All.Length));
    }

    [Fact]
    public void EndedAndProgress_SeveralBuffers_CountAll()
    {
        _buffers.For(0).Add(NewResult(OperationStatus.Rejected));
        _buffers.For(1).Add(NewResult(OperationStatus.Succeeded));
        _buffers.For(2).Add(NewResult(OperationStatus.Succeeded));

        Assert.Equal(3, _buffers.Ended);
        Assert.Equal((2, 1), (_buffers.Progress.Succeeded, _buffers.Progress.Rejected));
    }

    [Fact]
    public void RecordEnding_BuffersFromBeforeAndAfter_TellWhoeverAdds()
    {
        ResultBuffer<int, int> before = _buffers.For(1);
        Assert.False(before.Add(NewResult(OperationStatus.Succeeded)).IsEnding);

        _buffers.RecordEnding();

        Assert.True(before.Add(NewResult(OperationStatus.Succeeded)).IsEnding);
        Assert.True(_buffers.For(2).Add(NewResult(OperationStatus.Succeeded)).IsEnding);
    }

    private static OperationResult<int, int> NewResult(OperationStatus status) => new(new Operation<int>(1), status, 1, null, false);
}
