namespace PortMgmt.Cli.Batch;

/// <summary>What a piece of an argument stands for.</summary>
internal enum CommandSegmentKind
{
    /// <summary>Itself.</summary>
    Literal,

    /// <summary><c>{}</c>: the whole operation.</summary>
    Operation,

    /// <summary><c>{name}</c>: a field of an operation that is a JSON object; itself for one that is text.</summary>
    Field,

    /// <summary><c>{port}</c> with <c>--lease-port</c>: the leased port.</summary>
    Port,
}
