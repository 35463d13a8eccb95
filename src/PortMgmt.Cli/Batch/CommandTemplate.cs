using System.Globalization;
using System.Text;

namespace PortMgmt.Cli.Batch;

/// <summary>
/// The command behind <c>--</c> with its placeholders: <c>{}</c> is the operation, <c>{field}</c> a field of a JSON operation,
/// <c>{port}</c> the leased port, and <c>{{</c> a brace. A field's name is letters, digits, <c>_</c> and <c>-</c>, beginning with a
/// letter or <c>_</c>; any other brace is an ordinary character. What is put in stays within its argument: no shell reads it.
/// </summary>
internal sealed class CommandTemplate
{
    private const string PortName = "port";

    private readonly CommandSegment[][] _arguments;
    private readonly List<string> _fields = [];

    /// <summary>Reads a command.</summary>
    /// <param name="command">The command and its arguments, in Latin-1: one character a byte.</param>
    /// <param name="leasesPort">Whether <c>{port}</c> is the leased port; else it is a field like others.</param>
    public CommandTemplate(IReadOnlyList<string> command, bool leasesPort)
    {
        _arguments = [.. command.Select(argument => Read(argument, leasesPort))];
        HasOperation = _arguments.Any(argument => argument.Any(segment => segment.Kind == CommandSegmentKind.Operation));
        HasField = _fields.Count > 0;
        FixedCommand = _arguments[0] is [{ Kind: CommandSegmentKind.Literal } name] ? name.Text : null;
    }

    /// <summary>The names of the fields that the command asks for.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>The operation is somewhere in the arguments as a whole.</summary>
    public bool HasOperation { get; }

    /// <summary>The command asks for fields.</summary>
    public bool HasField { get; }

    /// <summary>The command's name where it is the same for every operation; else null.</summary>
    public byte[]? FixedCommand { get; }

    /// <summary>Whether the operation is not in the arguments and is to be given on standard input.</summary>
    public bool NeedsInput(BatchOperation operation) => !HasOperation && !(HasField && operation.IsJson);

    /// <summary>The command for an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="port">Its leased port; null for none.</param>
    public byte[][] Expand(BatchOperation operation, int? port)
    {
        byte[][] arguments = new byte[_arguments.Length][];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Expand(_arguments[i], operation, port);
        }

        return arguments;
    }

    private static byte[] Expand(CommandSegment[] segments, BatchOperation operation, int? port)
    {
        if (segments is [{ Kind: CommandSegmentKind.Literal }])
        {
            return segments[0].Text;
        }

        using var argument = new MemoryStream();
        foreach (CommandSegment segment in segments)
        {
            argument.Write(segment.Kind switch
            {
                CommandSegmentKind.Operation => operation.Text,
                CommandSegmentKind.Field when operation.IsJson => operation.Fields[segment.Field],
                CommandSegmentKind.Port => Encoding.ASCII.GetBytes(port.GetValueOrDefault().ToString(CultureInfo.InvariantCulture)),
                _ => segment.Text,
            });
        }

        return argument.ToArray();
    }

    private CommandSegment[] Read(string argument, bool leasesPort)
    {
        var segments = new List<CommandSegment>();
        var literal = new StringBuilder();
        for (int i = 0; i < argument.Length; i++)
        {
            if (argument[i] == '{' && i + 1 < argument.Length && argument[i + 1] == '{')
            {
                literal.Append('{');
                i++;
            }
            else if (argument[i] == '{' && PlaceholderLength(argument.AsSpan(i)) is > 0 and int length)
            {
                Flush();
                segments.Add(ToPlaceholder(argument.Substring(i, length), leasesPort));
                i += length - 1;
            }
            else
            {
                literal.Append(argument[i]);
            }
        }

        if (literal.Length > 0 || segments.Count == 0)
        {
            Flush(evenEmpty: true);
        }

        return [.. segments];

        void Flush(bool evenEmpty = false)
        {
            if (literal.Length > 0 || evenEmpty)
            {
                segments.Add(new CommandSegment(CommandSegmentKind.Literal, Encoding.Latin1.GetBytes(literal.ToString())));
                literal.Clear();
            }
        }
    }

    private static int PlaceholderLength(ReadOnlySpan<char> text)
    {
        int end = 1;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_' || (end > 1 && (char.IsAsciiDigit(text[end]) || text[end] == '-'))))
        {
            end++;
        }

        return end < text.Length && text[end] == '}' ? end + 1 : 0;
    }

    private CommandSegment ToPlaceholder(string placeholder, bool leasesPort)
    {
        byte[] text = Encoding.Latin1.GetBytes(placeholder);
        string name = placeholder[1..^1];
        if (name.Length == 0)
        {
            return new CommandSegment(CommandSegmentKind.Operation, text);
        }

        if (leasesPort && name == PortName)
        {
            return new CommandSegment(CommandSegmentKind.Port, text);
        }

        if (!_fields.Contains(name))
        {
            _fields.Add(name);
        }

        return new CommandSegment(CommandSegmentKind.Field, text, _fields.IndexOf(name));
    }
}
