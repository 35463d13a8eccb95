namespace PortMgmt.RabbitMq.Workers;

/// <summary>What one consumer of a <see cref="WorkTaker"/> has brought and is not settled yet.</summary>
internal sealed class TakerConsumer
{
    /// <summary>Its name at the broker.</summary>
    public string? Tag { get; set; }

    /// <summary>What takes its deliveries.</summary>
    public WorkConsumer? Work { get; set; }

    /// <summary>How much it may bring.</summary>
    public required int Prefetch { get; init; }

    /// <summary>How much of it is not settled.</summary>
    public int Held { get; set; }

    /// <summary>The most since it was last looked at.</summary>
    public int Peak { get; set; }
}
