using PortMgmt.Cluster;
using PortMgmt.Cluster.Worker;
using PortMgmt.Core.Tests.Infrastructure;
using Xunit;

namespace PortMgmt.Core.Tests.Cluster;

public sealed class WorkerHealthTests
{
    private readonly ManualTimeProvider _clock = new();
    private string? _trouble;
    private int _stuck;

    [Fact]
    public void Look_OwnerSaysWhatIsWrong_IsUnhealthyForThatReason()
    {
        WorkerHealth health = Make();
        Assert.False(health.Sample(isIdle: true));
        _trouble = "The disk is full.";
        Assert.True(health.Sample(isIdle: false));
        Assert.Equal((ClusterWorkerCondition.Unhealthy, "The disk is full."), (health.Condition, health.Reason));
        Assert.False(health.Sample(isIdle: false));
    }

    [Fact]
    public void Look_TroubleIsOver_IsHealthyOnlyWhenNothingRuns()
    {
        WorkerHealth health = Make();
        _trouble = "It is not well.";
        health.Sample(isIdle: true);
        _trouble = null;
        Assert.False(health.Sample(isIdle: false));
        Assert.Equal((ClusterWorkerCondition.Unhealthy, "It is not well."), (health.Condition, health.Reason));
        Assert.True(health.Sample(isIdle: true));
        Assert.Equal((ClusterWorkerCondition.Healthy, null), (health.Condition, health.Reason));
    }

    [Fact]
    public void Look_CheckThrows_IsTheReason()
    {
        var health = new WorkerHealth(() => throw new IOException("no disk"), () => 0, 4, _clock);
        health.Sample(isIdle: true);
        Assert.Equal("The health check failed: no disk", health.Reason);
    }

    [Theory]
    [InlineData(1, ClusterWorkerCondition.Healthy)]
    [InlineData(2, ClusterWorkerCondition.Unhealthy)]
    [InlineData(4, ClusterWorkerCondition.Unhealthy)]
    public void Look_StuckOperations_HalfOfTheRoomIsTooMany(int stuck, ClusterWorkerCondition expected)
    {
        WorkerHealth health = Make();
        _stuck = stuck;
        health.Sample(isIdle: false);
        Assert.Equal(expected, health.Condition);
    }

    [Fact]
    public void Look_WorkerWasLost_RestsForAWhile()
    {
        WorkerHealth health = Make();
        health.RecordWorkerLost("No process can be started.");
        Assert.True(health.Sample(isIdle: true));
        Assert.Equal("No process can be started.", health.Reason);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(health.Sample(isIdle: true));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(health.Sample(isIdle: true));
        Assert.Equal(ClusterWorkerCondition.Healthy, health.Condition);
    }

    [Fact]
    public void Drain_WhateverComes_StaysSo()
    {
        WorkerHealth health = Make();
        health.Drain();
        _trouble = "It is not well.";
        Assert.False(health.Sample(isIdle: true));
        Assert.Equal(ClusterWorkerCondition.Draining, health.Condition);
    }

    private WorkerHealth Make() => new(() => _trouble, () => _stuck, 4, _clock);
}
