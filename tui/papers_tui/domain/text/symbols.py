"""The TeX macros that have a sign of their own in Unicode, as tables."""

from __future__ import annotations


def _pairs(table: str) -> dict[str, str]:
    words = iter(table.split())
    return dict(zip(words, words, strict=True))


def _names(table: str) -> frozenset[str]:
    return frozenset(table.split())


SYMBOLS = _pairs(
    """
    alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ
    mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ
    psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω digamma ϝ
    hbar ℏ ell ℓ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ imath ı jmath ȷ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀
    times × div ÷ pm ± mp ∓ cdot · ast * star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ oslash ⊘ wedge ∧
    land ∧ vee ∨ lor ∨ cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ setminus ∖ backslash \\ amalg ⨿ dagger † dag † ddagger ‡
    le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ equiv ≡ approx ≈ approxeq ≊ simeq ≃ cong ≅ sim ∼ propto ∝
    asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lt < gt >
    in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒
    mid | parallel ∥ perp ⊥ bot ⊥ top ⊤ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ nmid ∤ nsim ≁
    forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ therefore ∴ because ∵ complement ∁
    to → rightarrow → longrightarrow ⟶ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ leftarrow ← gets ← longleftarrow ⟵
    Leftarrow ⇐ leftrightarrow ↔ Leftrightarrow ⇔ iff ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ rightharpoonup ⇀
    rightleftharpoons ⇌ uparrow ↑ Uparrow ⇑ downarrow ↓ Downarrow ⇓ updownarrow ↕ nearrow ↗ searrow ↘ leadsto ⇝
    rightsquigarrow ⇝ twoheadrightarrow ↠ rightarrowtail ↣
    ldots … dots … dotsc … dotsb … cdots ⋯ vdots ⋮ ddots ⋱ colon : prime ′ degree ° angle ∠ triangle △ square □ Box □
    blacksquare ■ diamond ⋄ Diamond ◇ lozenge ◊ bigcirc ◯ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ checkmark ✓
    cmark ✓ xmark ✗ flat ♭ sharp ♯ natural ♮ pounds £ euro € copyright © S § P ¶ textdegree ° textmu µ texttimes ×
    textpm ± textendash – textemdash — textquoteleft ‘ textquoteright ’ textquotedblleft “ textquotedblright ”
    textbackslash \\ textasciitilde ~ textasciicircum ^ textunderscore _ textbar | textless < textgreater >
    textellipsis … textregistered ® textcopyright © texttrademark ™ textbullet •
    langle ⟨ rangle ⟩ lVert ‖ rVert ‖ Vert ‖ lvert | rvert | vert | lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrace { rbrace }
    lbrack [ rbrack ] llbracket ⟦ rrbracket ⟧ LaTeX LaTeX TeX TeX
    """
) | {"quad": " ", "qquad": " ", "space": " ", "hfill": " ", "newline": " ", "xspace": "", "bmod": "mod"}

OPENING = _names("langle lVert lvert lceil lfloor lbrace lbrack llbracket nabla partial neg lnot")
"""Signs that stand close to what follows them."""

FUNCTIONS = _names("""
    log ln lg exp sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan min max argmin argmax inf sup lim liminf
    limsup det dim ker deg gcd hom arg Pr mod tr rank diag softmax poly polylog
    """)

ABBREVIATIONS = {"eg": "e.g.", "ie": "i.e.", "etc": "etc.", "etal": "et al.", "wrt": "w.r.t."}
"""Macros of the CVPR style and its kin that reach abstracts unexpanded."""

STYLES = _names("""
    textit textbf texttt textsc textsf textsl textrm textup textmd textnormal emph underline uline mbox text hbox fbox
    """)
FONTS = _names("mathrm mathbf mathit mathsf mathtt mathfrak boldsymbol bm pmb operatorname mathop mathbin")
SWITCHES = _names("""
    rm bf it tt sf sl sc em cal displaystyle textstyle scriptstyle limits nolimits nonumber
    """)
SIZES = _names("""
    left right middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr
    """)

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0304", "vec": "\u20d7", "overrightarrow": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip
LETTER_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
LETTERS = _pairs("ss ß o ø O Ø l ł L Ł i ı j ȷ ae æ AE Æ oe œ OE Œ aa å AA Å dh ð DH Ð th þ TH Þ dj đ DJ Đ")

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BLACKBOARD: dict[int, str] = str.maketrans(
    dict(zip(_CAPITALS, "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ", strict=True)) | {"1": "𝟙"}
)
SCRIPT: dict[int, str] = str.maketrans(dict(zip(_CAPITALS, "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵", strict=True)))

SUPERSCRIPTS = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ⊤,",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡᵀ,",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ,", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ,", strict=True)
)
