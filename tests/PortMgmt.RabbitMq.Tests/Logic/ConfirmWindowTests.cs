using PortMgmt.RabbitMq.Messages;
using RabbitMQ.Client;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class ConfirmWindowTests
{
    private readonly ConfirmWindow _window = new();

    [Fact]
    public void Take_One_IsThatOne()
    {
        Add(3);
        Assert.Equal(["2"], Take(2));
        Assert.Empty(Take(2));
        Assert.Equal(["1", "3"], Take(3, multiple: true));
    }

    [Fact]
    public void Take_Many_AreThoseUpToItThatAreLeft()
    {
        Add(5);
        Take(2);
        Assert.Equal(["1", "3", "4"], Take(4, multiple: true));
        Assert.Empty(Take(4, multiple: true));
        Assert.Equal(["5"], Take(5));
    }

    [Fact]
    public void Take_NeverSentOrLongGone_IsNothing()
    {
        Add(2);
        Assert.Empty(Take(3, multiple: true));
        Take(2, multiple: true);
        Assert.Empty(Take(1));
        Assert.Empty(Take(2, multiple: true));
    }

    [Fact]
    public void TakeAll_SomeLeft_AreThoseInOrderAndItBeginsAgain()
    {
        Add(4);
        Take(2);
        Assert.Equal(["1", "3", "4"], _window.TakeAll().Select(message => message.Properties.MessageId));
        Assert.Empty(_window.TakeAll());
        Add(1);
        Assert.Equal(["1"], Take(1));
    }

    [Fact]
    public void Add_MoreThanTheRingHolds_KeepsEach()
    {
        Add(100);
        Take(90, multiple: true);
        Add(1000, from: 101);
        Assert.Equal(["500"], Take(500));
        Assert.Equal(Enumerable.Range(91, 1010).Where(n => n != 500).Select(n => $"{n}"), Take(1100, multiple: true));
    }

    private void Add(int count, int from = 1)
    {
        for (int n = from; n < from + count; n++)
        {
            _window.Add(new TestMessage { Queue = "q", Properties = new BasicProperties { MessageId = $"{n}" }, Body = default });
        }
    }

    private string[] Take(ulong sequence, bool multiple = false)
    {
        var taken = new List<OutgoingMessage>();
        _window.Take(sequence, multiple, taken);
        return [.. taken.Select(message => message.Properties.MessageId!)];
    }

    private sealed class TestMessage : OutgoingMessage
    {
        public override void OnConfirmed() => throw new NotSupportedException();

        public override void OnRefused(string reason, bool isUnroutable) => throw new NotSupportedException();
    }
}
