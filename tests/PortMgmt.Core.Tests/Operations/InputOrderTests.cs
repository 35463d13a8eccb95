using PortMgmt.Operations;
using PortMgmt.Operations.Results;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class InputOrderTests
{
    private readonly InputOrder<int, int> _order = new();

    [Fact]
    public void TryTake_BeforeItsTurn_GivesNothing()
    {
        Assert.False(_order.TryTake(out _));
        _order.Add(ResultOf(1));

        Assert.False(_order.HasNext);
        Assert.False(_order.TryTake(out _));
    }

    [Fact]
    public void TryTake_WhateverCameFirst_GivesTheInputsOrder()
    {
        foreach (int number in new[] { 2, 0, 3, 1 })
        {
            _order.Add(ResultOf(number));
        }

        List<int> taken = [];
        while (_order.TryTake(out OperationResult<int, int> result))
        {
            taken.Add(result.Input);
        }

        Assert.Equal([0, 1, 2, 3], taken);
    }

    [Fact]
    public void TryTake_WholeHandOff_StandsForAllItsMembers()
    {
        Operation<int>[] group = [Sequenced(0), Sequenced(1), Sequenced(2)];
        group[0].Group = group;
        _order.Add(ResultOf(3));
        _order.Add(new OperationResult<int, int>(group[0], OperationStatus.Succeeded, 0, null, false));

        Assert.True(_order.TryTake(out OperationResult<int, int> whole));
        Assert.Equal(3, whole.OperationCount);
        Assert.True(_order.TryTake(out OperationResult<int, int> next));
        Assert.Equal(3, next.Input);
    }

    private static Operation<int> Sequenced(int number) => new(number) { Sequence = number };

    private static OperationResult<int, int> ResultOf(int number) => new(Sequenced(number), OperationStatus.Succeeded, number, null, false);
}
