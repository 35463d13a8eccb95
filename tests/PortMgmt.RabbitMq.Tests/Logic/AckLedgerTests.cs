using PortMgmt.RabbitMq.Workers;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class AckLedgerTests
{
    private readonly AckLedger _ledger = new();

    [Fact]
    public void Settle_AllFromTheFirst_OneAcknowledgementCoversThem()
    {
        Open(1, 2, 3);
        Assert.Empty(_ledger.Settle([3, 1, 2], out ulong upTo));
        Assert.Equal(3u, upTo);
    }

    [Fact]
    public void Settle_BehindAnOpenOne_GoOneByOne()
    {
        Open(1, 2, 3);
        Assert.Equal([2u, 3u], _ledger.Settle([3, 2], out ulong upTo));
        Assert.Equal(0u, upTo);
    }

    [Fact]
    public void Settle_OpenOneInTheMiddle_CoversThoseBeforeIt()
    {
        Open(1, 2, 3, 4);
        Assert.Equal([4u], _ledger.Settle([1, 2, 4], out ulong upTo));
        Assert.Equal(2u, upTo);
    }

    // Those that were settled before are not open at the broker, so they cannot be what is named.
    [Fact]
    public void Settle_GapIsClosed_NamesTheHighestOfTheseAndNoneBefore()
    {
        Open(1, 2, 3);
        _ledger.Settle([2, 3], out _);
        Assert.Empty(_ledger.Settle([1], out ulong upTo));
        Assert.Equal(1u, upTo);
        Open(4);
        Assert.Empty(_ledger.Settle([4], out upTo));
        Assert.Equal(4u, upTo);
    }

    [Fact]
    public void Settle_Nothing_CoversNothing()
    {
        Open(1);
        Assert.Empty(_ledger.Settle([], out ulong upTo));
        Assert.Equal(0u, upTo);
    }

    // The broker's own view is the model: a tag is open until it is named, or covered by one that is named.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Settle_AnyOrder_EachTagIsAcknowledgedOnceAndNoneTooEarly(int seed)
    {
        var random = new Random(seed);
        var atBroker = new SortedSet<ulong>();
        var running = new List<ulong>();
        ulong next = 1;
        for (int round = 0; round < 2000; round++)
        {
            for (int i = random.Next(20); i > 0 && running.Count < 1000; i--)
            {
                _ledger.Open(next);
                atBroker.Add(next);
                running.Add(next++);
            }

            var done = new List<ulong>();
            for (int i = random.Next(20); i > 0 && running.Count > 0; i--)
            {
                int at = random.Next(running.Count);
                done.Add(running[at]);
                running.RemoveAt(at);
            }

            IReadOnlyList<ulong> others = _ledger.Settle(done, out ulong upTo);
            Assert.True(upTo == 0 || atBroker.Contains(upTo));
            atBroker.RemoveWhere(tag => tag <= upTo);
            Assert.All(others, tag => Assert.True(atBroker.Remove(tag)));
            Assert.Equal(running.Order(), atBroker);
        }
    }

    private void Open(params ulong[] tags) => Array.ForEach(tags, _ledger.Open);
}
