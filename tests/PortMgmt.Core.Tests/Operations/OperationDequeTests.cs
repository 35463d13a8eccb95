using System.Globalization;
using PortMgmt.Operations.Queues;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class OperationDequeTests
{
    [Fact]
    public void Deque_Full_GrowsAtEitherEndAndKeepsTheOrder()
    {
        var deque = new OperationDeque<string>();
        for (int i = 0; i < 16; i++)
        {
            deque.AddLast(Text(i));
        }

        deque.AddFirst("first");
        for (int i = 16; i < 40; i++)
        {
            deque.AddLast(Text(i));
        }

        Assert.Equal("first", deque.First);
        Assert.Equal(["first", .. Enumerable.Range(0, 40).Select(Text)], TakeAll(deque));
        Assert.Null(deque.First);
    }

    [Fact]
    public void Deque_WrappedAround_GrowsInOrder()
    {
        var deque = new OperationDeque<string>();
        for (int i = 0; i < 10; i++)
        {
            deque.AddLast(Text(i));
        }

        for (int i = 0; i < 10; i++)
        {
            Assert.True(deque.TryTakeFirst(out _));
        }

        for (int i = 0; i < 17; i++)
        {
            deque.AddLast(Text(i));
        }

        Assert.Equal(Enumerable.Range(0, 17).Select(Text), TakeAll(deque));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static List<string> TakeAll(OperationDeque<string> deque)
    {
        List<string> all = [];
        while (deque.TryTakeFirst(out string? item))
        {
            all.Add(item);
        }

        return all;
    }
}
