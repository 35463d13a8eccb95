using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>A queue as a publisher sees it, in one thread: it takes a message or sends it back, and the broker says of it what holds.</summary>
internal sealed class FakeQueue(string name)
{
    public string Name => name;

    public QueuePresence State { get; set; } = QueuePresence.Present;

    /// <summary>Messages that it has for good.</summary>
    public HashSet<string> Stored { get; } = [];

    /// <summary>Messages that were refused, though the broker did not say that the queue is gone.</summary>
    public List<string> RefusedWhileThere { get; } = [];

    /// <summary>What was said of it last.</summary>
    public QueuePresence LastAnswer { get; private set; }

    /// <summary>Messages that were refused.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>How often it was asked for.</summary>
    public int Looks { get; private set; }

    /// <summary>What the broker says of it.</summary>
    public QueuePresence Look()
    {
        Looks++;
        return LastAnswer = State;
    }

    public OutgoingMessage Make(string id) => new Message(this) { Queue = name, Properties = new BasicProperties { MessageId = id }, Body = default };

    /// <summary>What the broker does with a message: true for taken, false for sent back.</summary>
    public bool Publish(OutgoingMessage message)
    {
        if (State != QueuePresence.Present)
        {
            return false;
        }

        Stored.Add(message.Properties.MessageId!);
        message.OnConfirmed();
        return true;
    }

    private sealed class Message(FakeQueue queue) : OutgoingMessage
    {
        private int _ends;

        public override void OnConfirmed() => End();

        public override void OnRefused(string reason, bool isUnroutable)
        {
            End();
            queue.Refused.Add(Properties.MessageId!);
            if (queue.LastAnswer != QueuePresence.Gone)
            {
                queue.RefusedWhileThere.Add(Properties.MessageId!);
            }
        }

        private void End()
        {
            if (++_ends > 1)
            {
                throw new InvalidOperationException($"{Properties.MessageId} ended twice.");
            }
        }
    }
}
