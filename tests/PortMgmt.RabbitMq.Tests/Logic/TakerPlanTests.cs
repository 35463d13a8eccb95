using PortMgmt.RabbitMq.Workers;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class TakerPlanTests
{
    private const int Size = 4;

    [Fact]
    public void Make_OneForEachAndNothingToDo_NobodyMoves() => Assert.Empty(Make([Idle(0), Idle(1), Idle(2)], [1, 1, 1]));

    [Fact]
    public void Make_OneForEachAndAllAreFull_NobodyMoves() => Assert.Empty(Make([Full(0), Full(1), Full(2)], [1, 1, 1]));

    [Fact]
    public void Make_OneIsFull_AnIdleOneHelps()
    {
        WorkTaker idle = Idle(1);
        Assert.Equal([(idle, 0)], Make([Full(0), idle, Waiting(2)], [1, 1, 1]));
    }

    [Fact]
    public void Make_SomeAreUnattended_IdleOnesGoToTheLongestFirst()
    {
        WorkTaker first = Idle(0);
        WorkTaker second = Idle(1);
        Assert.Equal([(first, 3), (second, 4)], Make([first, second], [9, 9, 8, 2, 5]));
    }

    /// <summary>Else the last idle one would go round for ever where nothing is, and never to where there is too much.</summary>
    [Fact]
    public void Make_SomeAreUnattendedAndOneIsFull_TheyTakeTurns()
    {
        WorkTaker idle = Idle(0);
        Assert.Equal([(idle, 1)], Make([idle, Full(1, since: 4)], [9, 9, 6, 5]));
        Assert.Equal([(idle, 3)], Make([idle, Full(1, since: 8)], [9, 9, 6, 5]));
    }

    [Fact]
    public void Make_NobodyIsFreeAndOneIsUnattended_TheLongestThereGoes()
    {
        WorkTaker longest = Full(1, since: 2);
        Assert.Equal([(longest, 2)], Make([Full(0, since: 3), longest], [9, 9, 1]));
    }

    [Fact]
    public void Make_NobodyIsFreeAndMostAreAtOne_OneGoesToWhereFewestAre()
    {
        WorkTaker longest = Full(0, since: 1);
        Assert.Equal([(longest, 1)], Make([Full(0, since: 2), longest, Full(0, since: 5), Full(1, since: 0)], [9, 9]));
    }

    /// <summary>An operation waits for a look, and not until somebody comes by.</summary>
    [Fact]
    public void Make_SomeAreUnattendedAndOneHasWork_AnIdleOneGoesThere()
    {
        WorkTaker idle = Idle(0);
        Assert.Equal([(idle, 3)], TakerPlan.Make([idle], [9, 1, 2, 8], [false, false, false, true]));
    }

    /// <summary>Else all but a part of its time goes to where nothing is.</summary>
    [Fact]
    public void Make_NobodyIsFreeAndNothingWaitsElsewhere_NobodyMoves() => Assert.Empty(TakerPlan.Make([Full(0)], [9, 1, 2], [false, false, false]));

    [Fact]
    public void Make_SomeAreEmptyAndOneIsFull_AnIdleOneHelps()
    {
        WorkTaker idle = Idle(0);
        Assert.Equal([(idle, 1)], TakerPlan.Make([idle, Full(1, since: 8)], [9, 9, 1], [false, false, false]));
    }

    [Fact]
    public void Make_ThoseThatWaitForRoom_Stay() => Assert.Empty(Make([Waiting(0)], [9, 1]));

    // Where something waits in all partitions.
    private static IReadOnlyList<(WorkTaker Taker, int Partition)> Make(IReadOnlyList<WorkTaker> takers, IReadOnlyList<long> attended) =>
        TakerPlan.Make(takers, attended, [.. attended.Select(_ => true)]);

    private static WorkTaker Idle(int partition) => new() { Size = Size, Partition = partition, Consumer = new TakerConsumer { Prefetch = Size } };

    private static WorkTaker Full(int partition, long since = 0) => new()
    {
        Size = Size,
        Partition = partition,
        Since = since,
        Held = Size,
        Consumer = new TakerConsumer { Prefetch = Size, Held = Size, Peak = Size },
    };

    private static WorkTaker Waiting(int partition) => new() { Size = Size, Partition = partition, Held = Size };
}
