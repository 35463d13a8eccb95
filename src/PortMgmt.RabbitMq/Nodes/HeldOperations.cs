namespace PortMgmt.RabbitMq.Nodes;

/// <summary>What a worker answers to the question which operations of a batch it has, as it travels.</summary>
internal sealed record HeldOperations
{
    /// <summary>The message type of the question; its body is the batch's id.</summary>
    public const string QuestionType = "holding";

    /// <summary>The message type of the answer.</summary>
    public const string AnswerType = "held";

    /// <summary>Which kind of operations the worker runs.</summary>
    public required string Type { get; init; }

    /// <summary>The ids of those that it has and has not answered yet.</summary>
    public required IReadOnlyList<string> Ids { get; init; }
}
