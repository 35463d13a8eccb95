using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Messages;

/// <summary>A message on its way to a queue, until the broker has it for good. The calls come on the client's own thread and must be quick.</summary>
internal abstract class OutgoingMessage
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The exchange through which it gets there; empty for the broker's own, which knows every queue by its name.</summary>
    public string Exchange { get; init; } = string.Empty;

    /// <summary>By what that exchange knows the queue; its name unless set.</summary>
    public string? BindingKey { get; init; }

    /// <summary>What the exchange routes by.</summary>
    public string RoutingKey => BindingKey ?? Queue;

    /// <summary>The properties; the message id is unique among those under way.</summary>
    public required BasicProperties Properties { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How often the broker could not store it.</summary>
    public int Refusals { get; set; }

    /// <summary>How often it came back because no queue took it.</summary>
    public int Bounces { get; set; }

    /// <summary>It need not be sent any more, where it was not confirmed before the connection was lost.</summary>
    public virtual bool IsObsolete => false;

    /// <summary>The broker has it.</summary>
    public abstract void OnConfirmed();

    /// <summary>Its queue did not take it, and may do so later: it waits for that.</summary>
    public virtual void OnHeld()
    {
        // Whoever waits for a place on the way to the broker has one more.
    }

    /// <summary>The broker did not take it, however often it was sent.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isUnroutable">The queue is gone, which the broker was asked for: nobody waits for the message.</param>
    public abstract void OnRefused(string reason, bool isUnroutable);
}
