using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using PortMgmt.Text;

namespace PortMgmt.Reports.Pages;

/// <summary>
/// Markup in the making. What is written between braces of an interpolated text is shown as it is and is never markup, wherever it stands,
/// so that a page is safe by the way it is written. Not thread-safe.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup; its values are escaped.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The compiler hands this object to the markup, which writes to it.")]
    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
    }

    /// <summary>Adds the page's own style.</summary>
    public void AddStyle(string style) => _text.Append(style);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void AddValue(string value)
    {
        string[] lines = value.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (i > 0)
            {
                _text.Append('\n');
            }

            _text.Append(WebUtility.HtmlEncode(VisibleText.From(lines[i])));
        }
    }

    /// <summary>Markup with values, on its way into the page.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly Html _html;

        /// <summary>Called by the compiler.</summary>
        public Markup(int literalLength, int formattedCount, Html html)
        {
            html._text.EnsureCapacity(html._text.Length + literalLength + formattedCount);
            _html = html;
        }

        /// <summary>Adds what stands in the program.</summary>
        public void AppendLiteral(string markup) => _html._text.Append(markup);

        /// <summary>Adds a text, escaped; nothing for null.</summary>
        public void AppendFormatted(string? value) => _html.AddValue(value ?? "");

        /// <summary>Adds a coordinate.</summary>
        public void AppendFormatted(double value) => _html._text.Append(CultureInfo.InvariantCulture, $"{value:0.##}");

        /// <summary>Adds a number, for markup.</summary>
        public void AppendFormatted(int value) => _html._text.Append(CultureInfo.InvariantCulture, $"{value}");
    }
}
