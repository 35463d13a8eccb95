using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Messages;

/// <summary>A message on its way to a queue, until the broker has it for good. The calls come on the client's own thread and must be quick.</summary>
internal abstract class OutgoingMessage
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The properties; the message id is unique among those under way.</summary>
    public required BasicProperties Properties { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How often the broker could not store it.</summary>
    public int Refusals { get; set; }

    /// <summary>It need not be sent any more, where it was not confirmed before the connection was lost.</summary>
    public virtual bool IsObsolete => false;

    /// <summary>The broker has it.</summary>
    public abstract void OnConfirmed();

    /// <summary>The broker did not take it, however often it was sent.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isUnroutable">There is no such queue.</param>
    public abstract void OnRefused(string reason, bool isUnroutable);
}
