using PortMgmt.Operations;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Scheduling;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class SchedulerLimitsTests
{
    [Fact]
    public void For_OrdinaryBatch_IsTheSharedLimit()
    {
        SchedulerLimits limits = new(new OperationSettings { MaxConcurrent = 3 });

        Assert.Same(limits.Shared, limits.For(new OperationBatchOptions<int, int> { MaxConcurrent = 2 }, new OperationSettings()));
        Assert.Equal((3, false), (limits.Shared.Limit, limits.Shared.CanGrow));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(null, 5)]
    public void For_OwnLimit_IsAnotherOfTheBatchsSizeOrTheSettings(int? ofBatch, int expected)
    {
        SchedulerLimits limits = new(new OperationSettings { MaxConcurrent = 3 });

        ConcurrencyLimit own = limits.For(
            new OperationBatchOptions<int, int> { OwnLimit = true, MaxConcurrent = ofBatch }, new OperationSettings { MaxConcurrent = 5 });

        Assert.NotSame(limits.Shared, own);
        Assert.Equal(expected, own.Limit);
    }

    [Fact]
    public void Set_NobodyNamesALimit_IsTheDefaultThatMayGrow()
    {
        SchedulerLimits limits = new(new OperationSettings { MaxConcurrent = 3 });

        limits.Set(new OperationSettings());

        Assert.Equal((OperationSettings.DefaultMaxConcurrent, true), (limits.Shared.Limit, limits.Shared.CanGrow));
    }
}
