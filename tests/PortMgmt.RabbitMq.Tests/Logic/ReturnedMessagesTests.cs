using Microsoft.Extensions.Time.Testing;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Tests.Support;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class ReturnedMessagesTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<string, FakeQueue> _queues = [];
    private readonly Lock _lock = new();
    private readonly ReturnedMessages _returned;

    public ReturnedMessagesTests() => _returned = new ReturnedMessages(LookAsync, Publish, _clock, _ending.Token);

    [Fact]
    public void Add_NodeOfTheQueueIsDown_IsKeptUntilItIsBackAndSentThen()
    {
        FakeQueue queue = Make("a");
        queue.State = QueuePresence.Unknown;
        Publish(queue.Make("1"));
        Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, _returned.Count);
        Assert.Empty(queue.Refused);

        Set(queue, QueuePresence.Present);
        Eventually.IsTrue(() => Step(() => queue.Stored.Contains("1")));
        Assert.Equal(0, _returned.Count);
    }

    [Fact]
    public void Add_QueueIsGone_IsRefusedAtOnce()
    {
        FakeQueue queue = Make("a");
        queue.State = QueuePresence.Gone;
        Publish(queue.Make("1"));
        Eventually.IsTrue(() => Read(() => queue.Refused.Contains("1")));
        Assert.Equal(0, _returned.Count);
    }

    [Fact]
    public void Add_ManyOfOneQueue_AreOneQuestion()
    {
        FakeQueue queue = Make("a");
        queue.State = QueuePresence.Unknown;
        for (int i = 0; i < 1000; i++)
        {
            Publish(queue.Make($"{i}"));
        }

        Eventually.IsTrue(() => Read(() => queue.Looks >= 1));
        Set(queue, QueuePresence.Present);
        Eventually.IsTrue(() => Step(() => queue.Stored.Count == 1000));
        Assert.InRange(queue.Looks, 1, 20);
    }

    /// <summary>Queues that fail, come back and are deleted at random while messages go to them: none is lost, none ends twice, none is given up too early.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Publish_QueuesThatComeAndGo_EachMessageIsStoredOrItsQueueWasGone(int seed)
    {
        var random = new Random(seed);
        FakeQueue[] queues = [Make("a"), Make("b"), Make("c")];
        int sent = 0;
        for (int step = 0; step < 400; step++)
        {
            FakeQueue queue = queues[random.Next(queues.Length)];
            switch (random.Next(6))
            {
                case 0:
                    Set(queue, QueuePresence.Unknown);
                    break;
                case 1:
                    Set(queue, QueuePresence.Present);
                    break;
                case 2 when random.Next(10) == 0:
                    Set(queue, QueuePresence.Gone);
                    break;
                default:
                    Publish(queue.Make($"{++sent}"));
                    break;
            }

            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(400)));
        }

        Array.ForEach(queues, queue => Set(queue, QueuePresence.Present));
        Eventually.IsTrue(() => Step(() => queues.Sum(queue => queue.Stored.Count + queue.Refused.Count) == sent));
        Assert.All(queues, queue => Assert.Empty(queue.RefusedWhileThere));
        Assert.All(queues, queue => Assert.Empty(queue.Stored.Intersect(queue.Refused)));
        Assert.Equal(0, _returned.Count);
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private FakeQueue Make(string name) => _queues[name] = new FakeQueue(name);

    private void Set(FakeQueue queue, QueuePresence state)
    {
        lock (_lock)
        {
            queue.State = state;
        }
    }

    private void Publish(OutgoingMessage message)
    {
        bool isTaken;
        lock (_lock)
        {
            isTaken = _queues[message.Queue].Publish(message);
        }

        if (!isTaken)
        {
            _returned.Add(message);
        }
    }

    private Task<QueuePresence> LookAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_queues[message.Queue].Look());
        }
    }

    private bool Read(Func<bool> condition)
    {
        lock (_lock)
        {
            return condition();
        }
    }

    private bool Step(Func<bool> condition)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return Read(condition);
    }

    private void Advance(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
